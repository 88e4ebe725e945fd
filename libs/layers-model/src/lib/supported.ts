/** For errors. */
export const SUPPORTED =
  'one input and one output; Conv2D, Dense, BatchNormalization, MaxPooling2D, GlobalAveragePooling2D, Flatten, Dropout, Add, ZeroPadding2D before a Conv2D (or a MaxPooling2D, after a relu and with fewer zeros a side than its window), the activation relu, and softmax at the end; channels last, one stride for both directions, no dilation, each layer used once';
