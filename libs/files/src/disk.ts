export { lockHolder, takeFileLock, type FileLock } from './lib/lock/file-lock.ts';
export { thisProcess, type LockOwner } from './lib/lock/lock-owner.ts';
export { makeFolder } from './lib/make-folder.ts';
export { notWritable } from './lib/not-writable.ts';
export { readIfThere, readWhole } from './lib/read-whole.ts';
export { readFloats, readSafetensors, writeSafetensors } from './lib/safetensors-file.ts';
export { writeFolderWhole } from './lib/write-folder-whole.ts';
export { writeNewFolder } from './lib/write-new-folder.ts';
export { assertWritable, writeWhole } from './lib/write-whole.ts';
