import { render } from 'preact';
import './style.css';
import { Page } from './page/page.tsx';
import { openImages } from './playground.ts';

render(<Page />, document.getElementById('page')!);
void openImages();
