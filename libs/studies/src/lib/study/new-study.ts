/** A study to begin with, its keys explained: the 27 runs of docs/studies.md. */
export const NEW_STUDY = `# Every combination of the axes, with every seed, is a run. winnow study plan FILE lists them.
base:
  dataset: digits
  model: resnet8
  epochs: 8
  search-epochs: 20 # of cts: an option that a method does not have is left out of its runs
axes:
  method: [cts, snip, magnitude]
  density: [0.2, 0.05, 0.01]
seeds: [1, 2, 3]

# where: # which combinations there are
#   - skip: { method: snip, density: 0.01 }
#   - if: { method: magnitude }
#     only: { density: [0.2, 0.05] }
# include: # runs beside them
#   - { method: dense }
# runs: runs # folder of the runs, as seen from this file
# keep: [ticket] # beside the result; all unless said
# executor: { name: local, parallel: 2 }
`;
