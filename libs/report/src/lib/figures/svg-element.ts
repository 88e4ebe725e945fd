/** What is used of an element of a document, by whatever library that is. */
export interface SvgElement {
  readonly localName: string;
  textContent: string | null;
  readonly children: Iterable<SvgElement>;
  readonly parentElement: SvgElement | null;
  readonly ownerDocument: { createElementNS(namespace: string, name: string): SvgElement };
  readonly outerHTML: string;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  querySelector(selectors: string): SvgElement | null;
  querySelectorAll(selectors: string): Iterable<SvgElement>;
  append(...elements: readonly SvgElement[]): void;
  replaceWith(element: SvgElement): void;
  remove(): void;
  cloneNode(isDeep: boolean): unknown;
}

/** An element of SVG. */
export function svgElement(
  document: SvgElement['ownerDocument'],
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
): SvgElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}
