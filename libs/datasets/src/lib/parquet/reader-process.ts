import { serveConfined } from '@winnow/files/confined';
import { parquetMethods } from './parquet-methods.ts';

serveConfined(parquetMethods);
