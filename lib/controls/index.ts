export { Decision, DecisionProps, Exemption, ExemptionProps } from './acceptance';
export { Severity } from './severity';
