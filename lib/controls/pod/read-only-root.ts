import { control, pass } from '../control';
import { deployment, manifests, pod, secured, withInit } from '../pod-examples';
import { celWindows, child, containerCel, everyContainer, isWindows, shown, workload } from '../pod-template';
import { Severity } from '../severity';

/** Windows has no read-only root. */
export const readOnlyRoot = control({
  ...workload,
  id: 'K-CTR-08',
  title: 'root file systems are read-only',
  because: 'an attacker who can write into the image can leave tools behind and change what runs next',
  severity: Severity.MEDIUM,
  judge: (pod) =>
    isWindows(pod)
      ? pass
      : everyContainer(pod, 'securityContext.readOnlyRootFilesystem', (body) => {
          const value = child(body, 'securityContext').readOnlyRootFilesystem;
          return value === true ? undefined : `has readOnlyRootFilesystem ${shown(value)}, it must be true`;
        }),
  remedy: 'set readOnlyRootFilesystem to true and mount an emptyDir with a size limit on each path that is written to',
  references: {
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_22'],
      'kube-linter': ['no-read-only-root-fs'],
      'kube-score': ['container-security-context-readonlyrootfilesystem'],
      kubescape: ['C-0017'],
      kubesec: ['ReadOnlyRootFilesystem'],
      polaris: ['notReadOnlyRootFilesystem'],
      trivy: ['KSV-0014'],
    },
  },
  cel: containerCel(
    'has(c.securityContext) && has(c.securityContext.readOnlyRootFilesystem) && c.securityContext.readOnlyRootFilesystem',
    celWindows,
  ),
  repair: {
    risk: 'mayBreak',
    note: 'a program that writes outside its volumes fails; run it and look for read-only file system errors, then declare those paths',
    apply: ({ spec, windows }, fill) => {
      if (windows) return;
      fill.containers(spec, (body, path) =>
        fill.set(fill.child(body, 'securityContext'), 'readOnlyRootFilesystem', true, `${path}.securityContext`),
      );
    },
  },
  examples: {
    holds: manifests(secured({ readOnlyRootFilesystem: true }), deployment(secured({ readOnlyRootFilesystem: true }))),
    breaks: manifests(pod(), secured({ readOnlyRootFilesystem: false }), withInit(secured({ readOnlyRootFilesystem: true }), {})),
  },
});
