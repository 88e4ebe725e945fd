export { mlflow } from './lib/mlflow/mlflow.ts';
export { default } from './lib/plugin.ts';
export { tensorboard } from './lib/tensorboard/tensorboard.ts';
