import { isJsonObject, type Json, type JsonObject } from '../../inventory/value';
import { control } from '../control';
import { cronJob, deployment, manifests, pod } from '../pod-examples';
import { child, everyVolume, isSet, podCel, shown, workload } from '../pod-template';
import { Severity } from '../severity';

/** Seconds that a token lives at most; also what the API server fills in where nothing is said. */
const LONGEST = 3600;
/** Volumes that the API server and the webhooks of EKS add to a pod: objects read back from a cluster have them. */
const ADDED = '^(kube-api-access-.*|aws-iam-token|eks-pod-identity-token)$';
const isAdded = new RegExp(ADDED);

const projected = (serviceAccountToken: JsonObject): JsonObject =>
  pod({ volumes: [{ name: 'token', projected: { sources: [{ serviceAccountToken }] } }] });

export const projectedToken = control({
  ...workload,
  id: 'K-POD-20',
  title: 'projected tokens are for one audience and an hour',
  because: 'a token without an audience opens the Kubernetes API to whoever it is shown to, and one that lives longer is worth stealing',
  severity: Severity.LOW,
  category: 'authentication',
  boundary: 'pod',
  threats: ['credential-leak'],
  judge: (pod) =>
    everyVolume(pod, (volume) => {
      if (!isSet(volume.projected)) return undefined;
      const { sources } = child(volume, 'projected');
      if (!Array.isArray(sources) || isAdded.test(String(volume.name))) return undefined;
      for (const source of sources) {
        if (!isJsonObject(source) || !isSet(source.serviceAccountToken)) continue;
        const { audience, expirationSeconds } = child(source, 'serviceAccountToken');
        if (!isSet(audience) || audience === '') return 'projects a token without an audience, it must name who the token is for';
        if (isTooLong(expirationSeconds))
          return `projects a token with expirationSeconds ${shown(expirationSeconds)}, it must be ${LONGEST} or less`;
      }
      return undefined;
    }),
  remedy: `set audience to the service that checks the token, and expirationSeconds to ${LONGEST} or less; the kubelet renews it`,
  references: { nsa: ['authn-authz'], urls: ['https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken'] },
  cel: podCel(
    (spec) =>
      `!has(${spec}.volumes) || ${spec}.volumes.all(v, !has(v.projected) || !has(v.projected.sources) || v.projected.sources == null || v.name.matches('${ADDED}') || ` +
      'v.projected.sources.all(s, !has(s.serviceAccountToken) || ' +
      "(has(s.serviceAccountToken.audience) && s.serviceAccountToken.audience != '' && " +
      `(!has(s.serviceAccountToken.expirationSeconds) || s.serviceAccountToken.expirationSeconds <= ${LONGEST}))))`,
  ),
  examples: {
    holds: manifests(
      pod(),
      projected({ path: 'token', audience: 'vault', expirationSeconds: 600 }),
      deployment(projected({ path: 'token', audience: 'vault' })),
    ),
    breaks: manifests(projected({ path: 'token' }), cronJob(projected({ path: 'token', audience: 'vault', expirationSeconds: 86400 }))),
  },
});

const isTooLong = (seconds: Json | undefined): boolean => isSet(seconds) && !(typeof seconds === 'number' && seconds <= LONGEST);
