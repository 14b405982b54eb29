import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ActivationSearchError } from '../errors.ts';
import { setUpCommandLine } from '../paths.ts';

/** Pixels for each unit of the SVG, as printers and fine screens want them. */
const usualZoom = 2;
const require = createRequire(import.meta.url);

/**
 * An SVG document as a PNG on a light ground. Text is set in the font that comes with the tool, so that the
 * picture is the same on all machines.
 */
export async function pngOf(svg: string, zoom = usualZoom): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js').catch((cause: unknown) => {
    throw new ActivationSearchError(
      'environment',
      `PNG cannot be drawn here: the package @resvg/resvg-js has no part for ${process.platform} ${process.arch}.`,
      { hint: `Write an .svg file; or set up again: ${setUpCommandLine}`, cause },
    );
  });
  const fonts = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: zoom },
    font: {
      loadSystemFonts: false,
      fontFiles: ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => join(fonts, name)),
      defaultFontFamily: 'DejaVu Sans',
    },
  });
  return drawing.render().asPng();
}
