import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkEstate } from '@bothways/twin';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bothwaysProgram } from './program.ts';
import { TEMPLATES } from './templates.ts';
