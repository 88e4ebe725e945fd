/** Why a file of `torch.save` is not read: what goes on from its name, and what to do in PyTorch. */
export class Unfit extends Error {
  readonly hint: string;

  constructor(problem: string, hint: string) {
    super(problem);
    this.hint = hint;
  }
}

export const DAMAGED = 'Save, copy or download it again.';
export const SAVE_STATE_DICT = "In PyTorch: torch.save(model.state_dict(), 'weights.pth').";

/** What to type where tensors need a method called first. */
export const saveBy = (method: string): string =>
  `In PyTorch: torch.save({k: v.${method}() for k, v in model.state_dict().items()}, 'weights.pth').`;

const LONGEST = 100;
/** A name out of a file, no longer than a sentence bears. */
export const shortened = (name: string): string =>
  name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name;
