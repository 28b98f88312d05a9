import { type Size, SizeRoundingBehavior } from 'cdk8s';
import type { Cpu } from 'cdk8s-plus-28';
import { InputError } from '../../error';

const KIB_PER_MIB = 1024;
const KIB_PER_GIB = 1024 * 1024;

/** A size as Kubernetes writes it, in the largest unit that divides it. */
export function quantity(size: Size): string {
  const kib = kibibytes(size);
  if (kib % KIB_PER_GIB === 0) return `${kib / KIB_PER_GIB}Gi`;
  return kib % KIB_PER_MIB === 0 ? `${kib / KIB_PER_MIB}Mi` : `${kib}Ki`;
}

export function kibibytes(size: Size): number {
  const kib = Math.ceil(size.toKibibytes({ rounding: SizeRoundingBehavior.NONE }));
  if (!(kib > 0)) throw new InputError('SizeInvalid', `size '${size.asString()}' is not more than nothing; give a positive one`);
  return kib;
}

/** Thousandths of a CPU. */
export function millis(cpu: Cpu): number {
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(cpu.amount);
  const amount = match === null ? 0 : Math.round(Number(match[1]) * (match[2] === 'm' ? 1 : 1000));
  if (amount < 1) throw new InputError('CpuInvalid', `cpu '${cpu.amount}' is not a positive amount; use Cpu.millis(100) or Cpu.units(1)`);
  return amount;
}

export function cpuQuantity(thousandths: number): string {
  return thousandths % 1000 === 0 ? `${thousandths / 1000}` : `${thousandths}m`;
}
