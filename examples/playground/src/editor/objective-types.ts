/** Every declaration that an objective's text can come upon, by its path in the editor: the build fills them in. */
const types: Readonly<Record<string, string>> = {};
export default types;
