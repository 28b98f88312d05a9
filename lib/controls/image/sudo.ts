import type { Json } from '../../inventory/value';
import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { containerCel, everyContainer, workload } from '../pod-template';
import { Severity } from '../severity';

/** The program as a word of its own: alone, by its path, or in the text of a shell. */
const PATTERN = '(^|[ ;&|(/])sudo($|[ ;])';
const SUDO = new RegExp(PATTERN);
const calls = (words: Json | undefined): boolean =>
  Array.isArray(words) && words.some((word) => typeof word === 'string' && SUDO.test(word));

export const noSudo = control({
  ...workload,
  id: 'K-IMG-08',
  title: 'no container starts with sudo',
  because: 'sudo needs a way to become root, which is the way out that the security context closes',
  severity: Severity.MEDIUM,
  judge: (pod) =>
    everyContainer(pod, 'command', ({ command, args }) =>
      calls(command) || calls(args) ? 'calls sudo, it must start as the user it runs as' : undefined,
    ),
  remedy: 'build the image so that its own user may do what it has to, and start the program directly',
  references: { nsa: ['pod-security'], scanners: { kubescape: ['C-0062'] } },
  cel: containerCel(
    `(!has(c.command) || !c.command.exists(w, type(w) == string && w.matches('${PATTERN}'))) && (!has(c.args) || !c.args.exists(w, type(w) == string && w.matches('${PATTERN}')))`,
  ),
  examples: {
    holds: manifests(pod(), podOf({ command: ['/app', '--no-sudo'] }), podOf({ args: ['pseudo', 'visudo-check', '--user=sudoer'] })),
    breaks: manifests(
      podOf({ command: ['sudo', '/app'] }),
      podOf({ command: ['/bin/sh', '-c'], args: ['setup && sudo -E /app'] }),
      cronJob(podOf({ command: ['/usr/bin/sudo'] })),
      withInit(pod(), { command: ['sudo'] }),
    ),
  },
});
