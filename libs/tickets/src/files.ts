export { readScores, writeScores } from './lib/score-file.ts';
export { readTicket, writeTicket } from './lib/ticket-file.ts';
