/** Images of one split, and their classes. */
export interface Split {
  readonly count: number;
  /** One byte a channel, row by row: count x height x width x channels. */
  readonly images: Uint8Array;
  /** One class number an image. */
  readonly labels: Uint8Array;
}

/** A classification data set with fixed splits; the same everywhere, checked by hash. */
export interface Dataset {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
  readonly train: Split;
  readonly validation: Split;
  /** Never feeds a search: only final evaluations of chosen functions read it. */
  readonly test: Split;
  /** Mean and standard deviation of each channel over the training split, in bytes (0 to 255). */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Where a data set comes from and whether it is there. */
export interface DatasetStatus {
  readonly name: string;
  readonly present: boolean;
  readonly source: string;
  /** Folder or file in the cache. */
  readonly location: string;
  readonly bytes: number;
  /** Set where something is wrong, such as a damaged file. */
  readonly problem?: string;
}
