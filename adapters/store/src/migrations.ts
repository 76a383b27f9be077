/** What the database looks like, step by step. A step that was released is never changed; a new one is added below it. */
import { type Kysely, sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';

const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const { schema } = db.withSchema(SCHEMA);
    await schema
      .createTable('holder')
      .addColumn('id', 'integer', (column) => column.primaryKey().check(sql`id = 1`))
      .addColumn('token', 'text', (column) => column.notNull())
      .addColumn('at', 'timestamptz', (column) => column.notNull())
      .execute();
    await schema
      .createTable('estate')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('head', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('at', 'timestamptz', (column) => column.notNull())
      .execute();
    await schema
      .createTable('blob')
      .addColumn('hash', 'text', (column) => column.primaryKey())
      .addColumn('content', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('revision')
      .addColumn('estate', 'text', (column) => column.notNull().references(`${SCHEMA}.estate.id`))
      .addColumn('number', 'integer', (column) => column.notNull())
      .addColumn('at', 'timestamptz', (column) => column.notNull())
      .addColumn('author', 'text', (column) => column.notNull())
      .addColumn('label', 'text', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull().check(sql`source in ('page', 'disk')`))
      .addColumn('edit', 'text')
      .addColumn('pending', 'boolean', (column) => column.notNull())
      .addPrimaryKeyConstraint('revision_key', ['estate', 'number'])
      .addUniqueConstraint('revision_edit', ['estate', 'edit'])
      .execute();
    await schema
      .createTable('revision_file')
      .addColumn('estate', 'text', (column) => column.notNull())
      .addColumn('number', 'integer', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('blob', 'text', (column) => column.notNull().references(`${SCHEMA}.blob.hash`))
      .addPrimaryKeyConstraint('revision_file_key', ['estate', 'number', 'position'])
      .addUniqueConstraint('revision_file_name', ['estate', 'number', 'name'])
      .addForeignKeyConstraint('revision_file_revision', ['estate', 'number'], `${SCHEMA}.revision`, [
        'estate',
        'number',
      ])
      .execute();
    await schema
      .createTable('result')
      .addColumn('estate', 'text', (column) => column.notNull())
      .addColumn('number', 'integer', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('at', 'timestamptz', (column) => column.notNull())
      .addPrimaryKeyConstraint('result_key', ['estate', 'number', 'key'])
      .addForeignKeyConstraint('result_revision', ['estate', 'number'], `${SCHEMA}.revision`, ['estate', 'number'])
      .execute();
  },
};

/** A schema of its own: the database of a team may hold other things. */
export const SCHEMA = 'bothways';

/** In the order of their names. */
const steps: Readonly<Record<string, Migration>> = { '0001-first': first };

export const migrations: MigrationProvider = { getMigrations: () => Promise.resolve({ ...steps }) };
