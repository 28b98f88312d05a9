import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { isUnknown, shownValue } from '../template-values';

/** Registries that ECR can fetch from, each run by who publishes the images. */
const OPEN = ['public.ecr.aws', 'registry.k8s.io', 'quay.io'];
/** They answer somebody who is known, and count pulls of others. */
const WITH_CREDENTIALS = /^(registry-1\.docker\.io|ghcr\.io|registry\.gitlab\.com|cgr\.dev|[a-z0-9]+\.azurecr\.(io|cn))$/;
const PRIVATE = /^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com|amazonaws\.com\.cn)$/;

const rule = (UpstreamRegistryUrl: string | object, properties: object = {}) =>
  template({
    Rule: resource('AWS::ECR::PullThroughCacheRule', {
      EcrRepositoryPrefix: 'up',
      UpstreamRegistryUrl: UpstreamRegistryUrl as string,
      ...properties,
    }),
  });

export const approvedUpstreams = control({
  id: 'A-ECR-07',
  title: 'the pull-through cache fetches from approved registries',
  because: 'whatever an upstream serves is kept, scanned and run under the name of the own registry',
  severity: Severity.LOW,
  maturity: 'stable',
  category: 'vulnerability',
  boundary: 'cloud',
  carrier: 'platform-team',
  threats: ['workload-attack'],
  subjects: resources('AWS::ECR::PullThroughCacheRule'),
  judge: ({ properties }) => {
    const { UpstreamRegistryUrl: url, CredentialArn: credential } = properties;
    const path = 'Properties.UpstreamRegistryUrl';
    if (isUnknown(url)) return undecided(`property UpstreamRegistryUrl is decided at deployment (${shownValue(url)})`, path);
    if (typeof url !== 'string') return fail(`property UpstreamRegistryUrl is ${shownValue(url)}, it must be a registry`, path);
    if (OPEN.includes(url) || PRIVATE.test(url)) return pass;
    if (!WITH_CREDENTIALS.test(url)) return fail(`the upstream ${url} is not one of the approved registries`, path);
    return credential === undefined ? fail(`the upstream ${url} is fetched from without credentials`, 'Properties.CredentialArn') : pass;
  },
  remedy: `fetch from ${OPEN.join(', ')} or another ECR; from Docker Hub, GitHub, GitLab, Chainguard and Azure with CredentialArn`,
  references: { cisEks: ['5.1.4'] },
  examples: {
    holds: [
      rule('registry.k8s.io'),
      rule('registry-1.docker.io', { CredentialArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/hub' }),
      rule('444455556666.dkr.ecr.eu-west-1.amazonaws.com'),
    ],
    breaks: [rule('registry.example.com'), rule('registry-1.docker.io')],
    undecided: [rule(setting)],
  },
});
