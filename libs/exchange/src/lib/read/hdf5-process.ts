import { serveConfined } from '@winnow/files/confined';
import { hdf5Methods } from './hdf5-methods.ts';

serveConfined(hdf5Methods);
