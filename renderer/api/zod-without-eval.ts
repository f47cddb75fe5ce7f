import { z } from 'zod';

/**
 * Imported before anything that builds a schema: zod would otherwise try to compile parsers with `new
 * Function`, which the content security policy forbids and reports as a violation.
 */
z.config({ jitless: true });
