/** How a field of a record lies in a table. */
interface Column {
  /** The SQL expression to read; without it, the table's own column of that name, which is written too. */
  readonly reads?: string;
  encode(value: unknown): unknown;
  decode(stored: unknown): unknown;
}

const same = (value: unknown): unknown => value;

/** Texts and integers, stored as they are. */
export const asIs: Column = { encode: same, decode: same };

/** A number that becomes NULL if it is not finite. */
export const real: Column = { encode: (value) => (Number.isFinite(value) ? value : null), decode: same };

/** A boolean, stored as 0 or 1. */
export const flag: Column = { encode: (value) => (value ? 1 : 0), decode: (stored) => stored === 1 };

/** Anything but null, stored as JSON; null is NULL. */
export const json: Column = {
  encode: (value) => (value === null ? null : JSON.stringify(value)),
  decode: (stored) => (stored === null ? null : JSON.parse(stored as string)),
};

/** A value that is computed by SQL or lies in another table: read, never written. */
export function readOnly(reads: string, column: Column = asIs): Column {
  return { ...column, reads };
}

/** The values of a row, in the order of its columns. */
export type RawRow = readonly unknown[];

/**
 * The columns of a table, one for each field of a record `T` and in the order of its fields: they make what
 * SELECT reads, what INSERT writes, and both conversions. Columns have the names of the fields in snake case.
 * STRICT tables with CHECKs, written by this room only, vouch for the types.
 */
export class Columns<T extends object> {
  readonly fields: readonly (keyof T & string)[];
  readonly #table: string;
  readonly #columns: { readonly [K in keyof T & string]-?: Column };
  /** Its own columns but the id, which the database assigns. */
  readonly #written: readonly (keyof T & string)[];
  /** A copy of it has room for all fields, which makes records of many rows in half the time. */
  readonly #empty: Readonly<Record<string, null>>;
  /** The few columns whose values are stored in another form. */
  readonly #decoded: readonly (keyof T & string)[];

  constructor(table: string, columns: { readonly [K in keyof T & string]-?: Column }) {
    this.#table = table;
    this.#columns = columns;
    this.fields = Object.keys(columns) as (keyof T & string)[];
    this.#written = this.fields.filter((field) => field !== 'id' && columns[field].reads === undefined);
    this.#empty = Object.fromEntries(this.fields.map((field) => [field, null]));
    this.#decoded = this.fields.filter((field) => columns[field].decode !== same);
  }

  /** `trial."id" AS "id", trial."candidate_id" AS "candidateId", …` */
  get selected(): string {
    return this.fields
      .map((field) => `${this.#columns[field].reads ?? `${this.#table}.${columnName(field)}`} AS "${field}"`)
      .join(', ');
  }

  /** An INSERT of all written columns, and of others by name. */
  insert(others: readonly string[] = []): string {
    const fields = [...this.#written, ...others];
    const places = fields.map(() => '?');
    return `INSERT INTO ${this.#table} (${fields.map(columnName).join(', ')}) VALUES (${places.join(', ')})`;
  }

  /** `"status" = ?, "versus_relu" = ?`, for an UPDATE. */
  assigned(fields: readonly (keyof T & string)[]): string {
    return fields.map((field) => `${columnName(field)} = ?`).join(', ');
  }

  /** The values of a record for `insert`, or of some fields for `assigned`. */
  values(record: Partial<T>, fields: readonly (keyof T & string)[] = this.#written): unknown[] {
    return fields.map((field) => this.#columns[field].encode(record[field]));
  }

  /** The values of a row of `selected` as a record: far quicker than objects that the driver makes. */
  record(values: RawRow): T {
    const record: Record<string, unknown> = { ...this.#empty };
    for (let index = 0; index < this.fields.length; index++) {
      record[this.fields[index] as string] = values[index];
    }
    for (const field of this.#decoded) record[field] = this.#columns[field].decode(record[field]);
    return record as T;
  }
}

/** In snake case, and quoted: `group` is a word of SQL. */
function columnName(field: string): string {
  return `"${field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`;
}
