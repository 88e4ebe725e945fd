/** As many classes as that no network tells apart; numbers beyond would make lists as long. */
export const LARGEST_LABEL = 2 ** 20 - 1;
/** What Hugging Face writes where an image has no label. */
export const UNLABELLED = -1;
