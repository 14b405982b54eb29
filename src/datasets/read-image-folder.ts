import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SplitName } from './dataset.ts';
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
 * Reads a folder with one subfolder a class, or with the subfolders train, validation and test that each have one
 * subfolder a class. Images that are all gray get one channel, else all get three. Refuses images of different sizes and
 * every file in a class that is no image, by its name.
 */
export async function readImageFolder(path: string): Promise<Examples> {
  const folders = entriesOf(path).filter((entry) => entry.isDirectory());
  const splits = folders.map(({ name }) => splitOf(name));
  const hasSplits = folders.length > 0 && splits.every((split) => split !== undefined);
  const places = hasSplits
    ? folders.map(({ name }, index) => ({ folder: join(path, name), split: splits[index] }))
    : [{ folder: path, split: undefined }];
  const listed = places.map(({ folder, split }) => ({ split, files: imagesOf(folder) }));
  const size = await sizeOfAll(listed.flatMap(({ files }) => files));
  const parts: ExamplePart[] = [];
  for (const { split, files } of listed) parts.push(await readPart(split, files, size));
  return { kind: 'images', ...size, parts };
}

/** Files whose names begin with a dot, and those that file managers leave behind, are no data. */
function entriesOf(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !/^(Thumbs\.db|desktop\.ini|__MACOSX)$/i.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function imagesOf(folder: string): readonly Labeled[] {
  const entries = entriesOf(folder);
  const stray = entries.find((entry) => !entry.isDirectory() && isImage(entry.name));
  if (stray) throw badData(`${join(folder, stray.name)} has no class: it lies in no subfolder.`, layout);
  const classes = entries.filter((entry) => entry.isDirectory());
  if (classes.length === 0) throw badData(`${folder} has no subfolders.`, layout);
  return classes.flatMap(({ name: label }) => {
    const inner = entriesOf(join(folder, label));
    const wrong = inner.find((entry) => entry.isDirectory() || !isImage(entry.name));
    if (wrong) {
      const what = wrong.isDirectory() ? 'is a folder in the folder of a class' : 'is no PNG or JPEG image';
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

/** Reads every image once, so that one that is damaged or of another size is found before anything is kept. */
async function sizeOfAll(files: readonly Labeled[]): Promise<Size> {
  let first: DecodedImage | undefined;
  let isGray = true;
  for (const { file } of files) {
    const image = await readImage(file);
    first ??= image;
    isGray &&= image.isGray;
    if (image.width !== first.width || image.height !== first.height) {
      throw badData(
        `${file} is ${image.width} x ${image.height} pixels, and ${files[0]?.file} ${first.width} x ${first.height}.`,
        'All images must have one size: scale or crop them, for example with ImageMagick.',
      );
    }
  }
  return { height: first?.height ?? 0, width: first?.width ?? 0, channels: isGray ? 1 : 3 };
}

async function readPart(
  split: SplitName | undefined,
  files: readonly Labeled[],
  { height, width, channels }: Size,
): Promise<ExamplePart> {
  const length = height * width * channels;
  const values = new Uint8Array(files.length * length);
  for (const [index, { file }] of files.entries()) {
    const { pixels } = await readImage(file);
    const image = channels === 3 ? pixels : pixels.filter((_, at) => at % 3 === 0);
    values.set(image, index * length);
  }
  return {
    split,
    values,
    labels: files.map(({ label }) => label),
    placeOf: (example) => files[example]?.file ?? '',
  };
}
