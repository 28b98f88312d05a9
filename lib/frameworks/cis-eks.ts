import { framework, type Requirement } from './framework';

/** Files of the kubelet come with the image, whose root cannot be written to. */
const image = (id: string, title: string): Requirement => ({
  id,
  title,
  provider: 'the image of Bottlerocket sets mode and owner on a root that cannot be written to; A-NOD-01 refuses nodes with another image',
});

/** What the kubelet is told. */
const kubelet = (id: string, title: string): Requirement => ({ id, title, controls: ['A-NOD-01', 'A-NOD-07'] });

/** The benchmark's own ids; titles in our words. */
export const cisEks = framework({
  id: 'cis-eks-1.8.0',
  title: 'CIS Amazon Elastic Kubernetes Service Benchmark',
  edition: '1.8.0',
  url: 'https://www.cisecurity.org/benchmark/kubernetes',
  requirements: [
    { id: '2.1.1', title: 'audit logs are on', controls: ['A-EKS-03'] },
    { id: '2.1.2', title: 'audit logs are collected and kept', controls: ['A-EKS-04'] },
    image('3.1.1', 'the kubeconfig file is readable by its owner alone'),
    image('3.1.2', 'the kubeconfig file belongs to root'),
    image('3.1.3', 'the configuration of the kubelet is writable by its owner alone'),
    image('3.1.4', 'the configuration of the kubelet belongs to root'),
    kubelet('3.2.1', 'the kubelet answers nobody who is anonymous'),
    kubelet('3.2.2', 'the kubelet asks who may do what'),
    kubelet('3.2.3', 'the kubelet knows clients by an authority'),
    kubelet('3.2.4', 'the read-only port of the kubelet is off'),
    kubelet('3.2.5', 'idle streams of the kubelet end'),
    kubelet('3.2.6', 'the kubelet keeps its chains of iptables'),
    kubelet('3.2.7', 'the kubelet records enough events'),
    kubelet('3.2.8', 'client certificates of the kubelet rotate'),
    kubelet('3.2.9', 'serving certificates of the kubelet rotate'),
    {
      id: '4.1.1',
      title: 'cluster-admin is used where it must be',
      controls: ['K-RBA-01', 'K-RBA-15', 'A-EKS-07', 'A-EKS-09', 'A-EKS-18'],
    },
    { id: '4.1.2', title: 'few may read secrets', controls: ['K-RBA-03'] },
    { id: '4.1.3', title: 'roles have no wildcards', controls: ['K-RBA-02'] },
    { id: '4.1.4', title: 'few may create pods', controls: ['K-RBA-04'] },
    { id: '4.1.5', title: 'default service accounts are not used', controls: ['K-POD-16'] },
    { id: '4.1.6', title: 'tokens of service accounts are mounted where they are needed', controls: ['K-POD-15'] },
    { id: '4.1.7', title: 'access is managed by access entries', controls: ['A-EKS-06', 'A-EKS-10'] },
    { id: '4.1.8', title: 'few may bind, impersonate and escalate', controls: ['K-RBA-07', 'K-RBA-08', 'K-RBA-09'] },
    { id: '4.1.9', title: 'few may create persistent volumes', controls: ['K-RBA-14'] },
    { id: '4.1.10', title: 'few may use the proxy of nodes', controls: ['K-RBA-10'] },
    { id: '4.1.11', title: 'few may change webhook configurations', controls: ['K-RBA-13'] },
    { id: '4.1.12', title: 'few may create tokens of service accounts', controls: ['K-RBA-11'] },
    { id: '4.2.1', title: 'containers are not privileged', controls: ['K-CTR-02', 'K-NSP-03'] },
    { id: '4.2.2', title: 'pods do not share the process ids of the node', controls: ['K-POD-02', 'K-NSP-03'] },
    { id: '4.2.3', title: 'pods do not share the IPC namespace of the node', controls: ['K-POD-03', 'K-NSP-03'] },
    { id: '4.2.4', title: 'pods do not share the network of the node', controls: ['K-POD-01', 'K-NSP-03'] },
    { id: '4.2.5', title: 'containers cannot gain privileges', controls: ['K-CTR-03', 'K-NSP-03'] },
    { id: '4.3.1', title: 'the network plugin enforces network policies', controls: ['A-EKS-16'] },
    { id: '4.3.2', title: 'every namespace has network policies', controls: ['K-NET-02'] },
    { id: '4.4.1', title: 'secrets are files and not environment variables', controls: ['K-SEC-01', 'K-SEC-02', 'A-SEC-03'] },
    { id: '4.4.2', title: 'secrets are kept in an external store', controls: ['K-SEC-04'] },
    { id: '4.5.1', title: 'namespaces separate what is administered apart', controls: ['K-NSP-01', 'K-NSP-02'] },
    { id: '4.5.2', title: 'the default namespace is not used', controls: ['K-NSP-01'] },
    { id: '5.1.1', title: 'images are scanned', controls: ['A-ECR-02'] },
    { id: '5.1.2', title: 'few people reach the registry', controls: ['A-ECR-05', 'A-IAM-05'] },
    { id: '5.1.3', title: 'clusters only read from the registry', controls: ['A-NOD-08', 'A-ECR-05'] },
    { id: '5.1.4', title: 'images come from approved registries', controls: ['K-IMG-03', 'A-ECR-07'] },
    {
      id: '5.2.1',
      title: 'workloads have service accounts and roles of their own',
      controls: ['A-IAM-01', 'A-IAM-02', 'A-IAM-03', 'A-EKS-17', 'A-JON-02', 'K-POD-16'],
    },
    { id: '5.3.1', title: 'secrets of the API are encrypted with a customer key', controls: ['A-EKS-05'] },
    { id: '5.4.1', title: 'few addresses reach the control plane', controls: ['A-EKS-01', 'A-EKS-19'] },
    { id: '5.4.2', title: 'the endpoint is private and not public', controls: ['A-EKS-01', 'A-EKS-02'] },
    { id: '5.4.3', title: 'nodes are private', controls: ['A-NOD-06', 'A-NOD-05', 'A-FGT-01'] },
    { id: '5.4.4', title: 'network policy is on and used', controls: ['A-EKS-16', 'K-NET-02'] },
    { id: '5.4.5', title: 'load balancers speak TLS', controls: ['K-NET-10', 'A-EDG-01'] },
    { id: '5.5.1', title: 'people enter by IAM', controls: ['A-EKS-06', 'A-EKS-09'] },
  ],
});
