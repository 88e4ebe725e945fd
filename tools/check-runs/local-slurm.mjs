import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, hostname, userInfo } from 'node:os';
import { join } from 'node:path';

const DAEMONS = ['slurmctld', 'slurmd', 'munged'];
/** Where distributions have daemons, which not every user's path has. */
process.env.PATH += ':/usr/sbin:/sbin';

/** Why no Slurm can be started here, if so. */
export function noSlurm() {
  const lacking = DAEMONS.filter((it) => spawnSync(it, ['-V']).error);
  return lacking.length > 0 && `it takes ${lacking.join(' and ')} (Debian: slurm-wlm, munge)`;
}

/**
 * Starts a Slurm of one node, this machine, with all that it keeps in a folder, for this process and what that starts, until
 * this process ends, or it is stopped by what this gives. A job that goes back into its queue waits for eleven seconds
 * instead of two minutes.
 */
export async function startSlurm(folder) {
  const at = (name) => join(folder, name);
  for (const name of ['state', 'spool']) mkdirSync(at(name), { recursive: true });
  // Munge trusts no socket or key that others might have put there.
  chmodSync(folder, 0o755);
  writeFileSync(at('munge.key'), randomBytes(128), { mode: 0o600 });
  const host = hostname().split('.')[0];
  const { username } = userInfo();
  const pids = {
    munged: at('munged.pid'),
    slurmctld: at('slurmctld.pid'),
    slurmd: at('slurmd.pid'),
  };
  const port = 20000 + (process.pid % 20000);
  writeFileSync(
    at('slurm.conf'),
    `ClusterName=local
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=${username}
SlurmdUser=${username}
SlurmctldPort=${port}
SlurmdPort=${port + 1}
AuthType=auth/munge
AuthInfo=socket=${at('munge.socket')},cred_expire=10
StateSaveLocation=${at('state')}
SlurmdSpoolDir=${at('spool')}
SlurmctldLogFile=${at('slurmctld.log')}
SlurmdLogFile=${at('slurmd.log')}
SlurmctldPidFile=${pids.slurmctld}
SlurmdPidFile=${pids.slurmd}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${availableParallelism()} RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`,
  );
  process.env.SLURM_CONF = at('slurm.conf');
  const own = {
    'key-file': 'munge.key',
    socket: 'munge.socket',
    'pid-file': 'munged.pid',
    'log-file': 'munged.log',
    'seed-file': 'munge.seed',
  };
  const args = Object.entries(own).map(([name, file]) => `--${name}=${at(file)}`);
  const quiet = { stdio: 'ignore' };
  const stop = () => {
    for (const path of Object.values(pids).reverse()) {
      try {
        process.kill(Number(readFileSync(path, 'utf8')));
      } catch (error) {
        if (!['ENOENT', 'ESRCH'].includes(error.code)) throw error;
      }
    }
  };
  // Whatever ends this process, they are not to stay.
  process.on('exit', stop);
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => process.exit(1));
  execFileSync('munged', ['--force', ...args], quiet);
  execFileSync('slurmctld', [], quiet);
  execFileSync('slurmd', [], quiet);
  for (let tries = 0; tries < 60; tries++) {
    const { stdout } = spawnSync('sinfo', ['-h', '-t', 'idle'], { encoding: 'utf8' });
    if (stdout.trim() !== '') return stop;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  stop();
  throw new Error(`Slurm did not come up; its logs are in ${folder}.`);
}
