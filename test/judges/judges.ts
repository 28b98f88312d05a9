import { cfnGuard } from './cfn-guard';
import { cfnLint } from './cfn-lint';
import { checkov } from './checkov';
import type { Judge } from './judge';
import { kubeLinter } from './kube-linter';
import { kubeScore } from './kube-score';
import { kubeconform } from './kubeconform';
import { kubesec } from './kubesec';
import { polaris } from './polaris';
import { trivy } from './trivy';

/** The judges that read files, those of templates first. */
export const JUDGES: readonly Judge[] = [cfnLint, cfnGuard, checkov, trivy, kubeconform, kubeScore, kubeLinter, kubesec, polaris];
