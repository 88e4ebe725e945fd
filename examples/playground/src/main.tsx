import { render } from 'preact';
import './style.css';
import { Page } from './page/page.tsx';
import { openImages } from './playground.ts';

// What is dropped beside the box would be opened by the browser, in the place of a search under way.
for (const event of ['dragover', 'drop']) {
  window.addEventListener(event, (beside) => {
    const { types = [] } = (beside as DragEvent).dataTransfer ?? {};
    if (types.includes('Files')) beside.preventDefault();
  });
}
render(<Page />, document.getElementById('page')!);
void openImages();
