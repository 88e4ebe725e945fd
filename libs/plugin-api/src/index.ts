export { defineBackend, type BackendDescriptor, type BackendDevice } from './lib/backend.ts';
export type { Checkpoints, SavedState, ScopedCheckpoints } from './lib/checkpoints.ts';
export { systemClock, type Clock } from './lib/clock.ts';
export {
  COMPONENT_KINDS,
  KINDS,
  type Component,
  type ComponentKind,
  type ComponentKinds,
  type OptionKind,
} from './lib/kinds.ts';
export { COMPONENT_NAME, DENSE, isComponentName, isPluginName } from './lib/component-name.ts';
export { ComponentRegistry } from './lib/component-registry.ts';
export { computedGraph, computing } from './lib/computed-graph.ts';
export {
  DRAWS_PER_IMAGE,
  defineDataset,
  type AugmentationDraws,
  type Batch,
  type Dataset,
  type DatasetDefinition,
  type DatasetDescriptor,
  type DatasetRecipe,
  type ImageBlock,
  type ImageShape,
  type ImageSource,
  type Normalization,
  type OpenSetting,
} from './lib/dataset.ts';
export { checkDensity, fractionOfPercent, keptCount, refusesDensity } from './lib/density.ts';
export {
  defineExecutor,
  type Executor,
  type ExecutorDefinition,
  type ExecutorSetting,
  type JobEnd,
  type JobPoint,
  type JobStanding,
  type JobUnderWay,
  type OnHandedEnd,
  type RunJob,
} from './lib/executor.ts';
export {
  defineExporter,
  isExportPlace,
  type Exporter,
  type TrainedNetwork,
} from './lib/exporter.ts';
export { isFileName } from './lib/file-name.ts';
export { flagsAsKeys, flagsIn } from './lib/flags-in-text.ts';
export { isInitializer, type Initializer } from './lib/initializer.ts';
export {
  defineModel,
  type ForwardOptions,
  type ModelDefinition,
  type ModelDescriptor,
  type Network,
  type ParameterSpec,
} from './lib/model.ts';
export { MOST_EPOCHS } from './lib/most-epochs.ts';
export type { NamedTensors } from './lib/named-tensors.ts';
export type {
  GraphLayer,
  GraphShape,
  GraphValue,
  NetworkGraph,
  ShownValue,
  Sides,
  SlidingWindow,
} from './lib/network-graph.ts';
export {
  defineObjective,
  type BatchViews,
  type NetworkView,
  type Objective,
  type ObjectiveDefinition,
  type ObjectiveInput,
  type ObjectiveValue,
} from './lib/objective.ts';
export {
  defineObserver,
  type KeptOfLayer,
  type NotedNumbers,
  type ObservedRun,
  type ObserverDefinition,
  type ObserverDescriptor,
  type RunEnding,
  type RunEvent,
  type RunObserver,
  type RunOutcome,
  type RunPhase,
} from './lib/observer.ts';
export { NEEDS, type Need } from './lib/needs.ts';
export type { PreparePruner, PrepareSetting } from './lib/prepare-setting.ts';
export { matchPrunable, prunableOf } from './lib/layer-pattern.ts';
export { nextTurn } from './lib/next-turn.ts';
export { optionFields, type OptionField, type OptionType } from './lib/option-fields.ts';
export { optionIssues, parseOptions, type GivenOptions } from './lib/options.ts';
export { PLUGIN_API_VERSION, definePlugin, isPlugin, type Plugin } from './lib/plugin.ts';
export { ofPlugin } from './lib/of-plugin.ts';
export type { PluginRecord } from './lib/plugin-record.ts';
export {
  definePruner,
  type FullTraining,
  type Keeping,
  type LayerWeight,
  type ProgressReport,
  type PrunerContext,
  type PrunerDefinition,
  type PrunerDescriptor,
  type PassedRound,
  type PruningRound,
  type ReckonedSearch,
  type Scope,
  type Scoring,
  type ScoringInput,
  type ScoringPlan,
  type TrainedRound,
  type TrainingSchedule,
} from './lib/pruner.ts';
export type { RandomStream, RandomStreams } from './lib/random-stream.ts';
export { WHY_OPS, type LayerRoads, type Road, type WhyOps } from './lib/road.ts';
export { suggestName } from './lib/suggest-name.ts';
export { tagOf } from './lib/tag-of.ts';
export { calledAt, toldIssue, toldIssues } from './lib/told-issue.ts';
export type { LayerMask, LayerScores, TicketData, TicketProvenance } from './lib/ticket-data.ts';
export {
  INTERRUPTED,
  WinnowError,
  interrupted,
  isWinnowError,
  type WinnowErrorOptions,
} from './lib/winnow-error.ts';
export { withFields } from './lib/with-fields.ts';
