/** `40 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
export function durationText(minutes: number): string {
  if (minutes < 1.5) return `${Math.round(60 * minutes)} s`;
  const whole = Math.round(minutes);
  if (whole < 60) return `${whole} min`;
  const hours = Math.floor(whole / 60);
  return hours < 24
    ? `${hours} h ${whole % 60} min`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
