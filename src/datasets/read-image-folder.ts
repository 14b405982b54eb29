import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { badData, type ExamplePart, type Examples, splitOf } from './examples.ts';
import { type DecodedImage, isImage, readImage } from './image-file.ts';

const layout =
  'Make one subfolder a class, with its PNG and JPEG images: FOLDER/cat/1.png, FOLDER/dog/1.png, …';

/** A file, and the class whose folder holds it. */
interface Labeled {
  readonly file: string;
  readonly label: string;
}

/**
 * Reads a folder with one subfolder a class, or with the subfolders train, validation and test that each have
 * one subfolder a class. Images that are all gray get one channel, else all get three. Refuses images of
 * different sizes and every file in a class that is no image, by its name.
 */
export async function readImageFolder(path: string): Promise<Examples> {
  const folders = entriesOf(path).filter(({ isFolder }) => isFolder);
  const splits = folders.map(({ name }) => splitOf(name));
  const hasSplits = folders.length > 0 && splits.every((split) => split !== undefined);
  const places = hasSplits
    ? folders.map(({ name }, index) => ({ folder: join(path, name), split: splits[index] }))
    : [{ folder: path, split: undefined }];
  const listed = places.map(({ folder, split }) => ({ split, files: imagesOf(folder) }));
  const images: DecodedImage[] = [];
  const files = listed.flatMap((part) => part.files);
  for (const { file } of files) images.push(await readImage(file));
  const size = commonSize(images, files);
  let next = 0;
  const parts = listed.map((part): ExamplePart => {
    const from = next;
    next += part.files.length;
    return {
      split: part.split,
      values: joined(images.slice(from, next), size),
      labels: part.files.map(({ label }) => label),
      placeOf: (example) => part.files[example]?.file ?? '',
    };
  });
  return { kind: 'images', ...size, parts };
}

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** Files whose names begin with a dot, and those that file managers leave behind, are no data. */
function entriesOf(folder: string): readonly Entry[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && !/^(Thumbs\.db|desktop\.ini|__MACOSX)$/i.test(name))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => ({ name, isFolder: isFolder(join(folder, name)) }));
}

/** Links are followed. Refuses one that leads nowhere. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw badData(
      `cannot read ${path}: ${(error as Error).message}.`,
      'Is it a link to what is not there? Mend or remove it.',
    );
  }
}

function imagesOf(folder: string): readonly Labeled[] {
  const entries = entriesOf(folder);
  const stray = entries.find((entry) => !entry.isFolder && isImage(entry.name));
  if (stray) throw badData(`${join(folder, stray.name)} has no class: it lies in no subfolder.`, layout);
  const classes = entries.filter((entry) => entry.isFolder);
  if (classes.length === 0) throw badData(`${folder} has no subfolders.`, layout);
  return classes.flatMap(({ name: label }) => {
    const inner = entriesOf(join(folder, label));
    const wrong = inner.find((entry) => entry.isFolder || !isImage(entry.name));
    if (wrong) {
      const what = wrong.isFolder ? 'is a folder in the folder of a class' : 'is no PNG or JPEG image';
      throw badData(`${join(folder, label, wrong.name)} ${what}.`, `Remove or convert it. ${layout}`);
    }
    if (inner.length === 0)
      throw badData(`${join(folder, label)} has no images.`, 'Add some, or remove the folder.');
    return inner.map(({ name }) => ({ file: join(folder, label, name), label }));
  });
}

interface Size {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

function commonSize(images: readonly DecodedImage[], files: readonly Labeled[]): Size {
  const [first] = images as [DecodedImage, ...DecodedImage[]];
  const { height, width } = first;
  const other = images.findIndex((image) => image.width !== width || image.height !== height);
  if (other >= 0) {
    const { width: otherWidth, height: otherHeight } = images[other] as DecodedImage;
    throw badData(
      `${files[other]?.file} is ${otherWidth} x ${otherHeight} pixels, and ${files[0]?.file} ${width} x ${height}.`,
      'All images must have one size: scale or crop them, for example with ImageMagick.',
    );
  }
  return { height, width, channels: images.every(({ isGray }) => isGray) ? 1 : 3 };
}

function joined(images: readonly DecodedImage[], { height, width, channels }: Size): Uint8Array {
  const length = height * width * channels;
  const values = new Uint8Array(images.length * length);
  images.forEach(({ pixels }, index) => {
    values.set(channels === 3 ? pixels : pixels.filter((_, at) => at % 3 === 0), index * length);
  });
  return values;
}
