import { CallError } from '../../api/client.ts';

/** Whether an error belongs to the name that was given. */
export function isNameTaken(error: unknown): boolean {
  return error instanceof CallError && error.code === 'name_taken';
}
