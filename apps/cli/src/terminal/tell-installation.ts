import type { Installation } from '@winnow/tensor-backend/install';
import type { Start } from '../composition/start-of.ts';

export const megabytes = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;

/** Where a backend lies, what it is, and what its parts weigh. */
export function installationLines({ folder, versions, parts }: Installation): string[] {
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `  in       ${folder}`,
    `  versions ${named.join(', ')}`,
    `  weighs   ${megabytes(bytes)}: ${parts.map((it) => `${it.what} ${megabytes(it.bytes)}`).join(', ')}`,
  ];
}

export const startLine = ({ starts, reason }: Start) =>
  `  starts   ${starts ? 'yes' : `no: ${reason}`}`;

export interface BackendCheck {
  readonly name: string;
  readonly installed: Installation | undefined;
  readonly start: Start;
  /** Why it could not be installed here. */
  readonly lacks: string | undefined;
}

/** What is told of a backend that is to be installed or was. */
export function checkLines({ name, installed, start, lacks }: BackendCheck): string[] {
  if (installed) {
    return [`Backend ${name} is installed.`, ...installationLines(installed), startLine(start)];
  }
  if (start.starts) return [`Backend ${name} starts, with packages that lie beside Winnow.`];
  const how = lacks ?? `To install it: winnow backend install ${name}`;
  return [`Backend ${name} is not installed.`, `  ${how}`];
}
