// Bundle the front end: esbuild writes content-hashed files and a manifest into ../static/build.
// `manifest.json` maps a plain name ("app.js") to the hashed file, which may be cached for ever.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..", "..");
const out = join(here, "..", "static", "build");
const manifest = {};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const result = await build({
  entryPoints: { app: join(here, "js", "app.js"), style: join(here, "css", "app.css") },
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  splitting: true,
  minify: true,
  sourcemap: false,
  target: ["es2022", "chrome111", "firefox115", "safari16.4"],
  outdir: out,
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  metafile: true,
  legalComments: "linked",
  logLevel: "warning",
});

for (const [file, meta] of Object.entries(result.metafile.outputs)) {
  if (meta.entryPoint?.endsWith("assets/css/app.css")) manifest["app.css"] = basename(file);
  if (meta.entryPoint?.endsWith("assets/js/app.js")) manifest["app.js"] = basename(file);
}

// A file that is copied whole gets its hash from its content.
function keep(from, name) {
  const content = readFileSync(from);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const ending = extname(name);
  const file = `${basename(name, ending)}-${hash}${ending}`;
  copyFileSync(from, join(out, file));
  manifest[name] = file;
}

const swagger = join(root, "node_modules", "swagger-ui-dist");
for (const name of ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js"]) keep(join(swagger, name), name);
keep(join(here, "js", "api-reader.js"), "api-reader.js");
keep(join(here, "mark.svg"), "mark.svg");

writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
