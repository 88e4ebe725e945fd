export { readIfThere, readWhole } from './lib/read-whole.ts';
export { readFloats, readSafetensors, writeSafetensors } from './lib/safetensors-file.ts';
export { writeFolderWhole } from './lib/write-folder-whole.ts';
export { writeNewFolder } from './lib/write-new-folder.ts';
export { writeWhole } from './lib/write-whole.ts';
