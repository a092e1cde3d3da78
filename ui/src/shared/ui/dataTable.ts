/** One column of a `DataTable`. */
export interface TableColumn<R> {
  /** Also the name of the slot that shows its cells. */
  readonly id: string;
  readonly head: string;
  /** What it is sorted by, and shown where there is no slot; `null` is not known, and comes last. */
  readonly value: (row: R) => number | string | null;
  /** Yes, unless it says otherwise. */
  readonly sortable?: boolean;
  /** Numbers stand at the end of their column. */
  readonly end?: boolean;
  /** This column names the row. */
  readonly heads?: boolean;
  /** Never broken. */
  readonly oneLine?: boolean;
  /** In rem. With widths, columns stay as they are whatever rows are in sight. */
  readonly width?: number;
}
