import { definePlugin } from '@winnow/plugin-api';
import { mlflow } from './mlflow/mlflow.ts';
import { tensorboard } from './tensorboard/tensorboard.ts';

export default definePlugin({ name: '@winnow/observers', components: [tensorboard, mlflow] });
