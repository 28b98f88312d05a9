export { Decision, type DecisionProps, Exemption, type ExemptionProps } from './acceptance';
export { Severity } from './severity';
