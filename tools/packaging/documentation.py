#!/usr/bin/env python3
"""Writes the documentation that is installed with the program: a README for users without the source tree, and
the articles of the program as plain Markdown.

The README consists of sections of the repository's README, without what needs the source tree, so that it agrees
with it. The articles are those of the DocC catalogs of SpecGAN and Spectra, with links and symbols as in Markdown;
those pages that only list the symbols of a library are left out. A link without a target is an error.

Usage: documentation.py FOLDER      the folder to write README.md and articles/ to
"""

import pathlib
import re
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CATALOGS = ["Sources/Program/SpecGAN/SpecGAN.docc", "Sources/Sound/Spectra/Spectra.docc"]
HEAD = """\
# specgan

specgan learns from a folder of short audio clips and generates new ones. It runs on the CPU.
It trains SpecGAN, a generative adversarial network on spectrograms, or WaveGAN, a similar network
on waveforms. Both are from the paper of Donahue, McAuley and Puckette,
[Adversarial Audio Synthesis](https://arxiv.org/abs/1802.04208), ICLR 2019.

"""
SECTIONS = ["Your own sounds", "Commands", "Documentation"]
MANUALS = "- `man specgan`, `man specgan-train` and so on: the same as manual pages\n"
NOTE = """
Some articles name files of the source tree, such as `tools/quickstart` or `Fixtures`. These files are
not installed. The licenses are in the file `copyright` beside this one.
"""
# The line that builds the program, and the blank one after it.
BUILD = re.compile(r"^ +swift build .*\n\n?", re.MULTILINE)


def headings(text):
    """The headings of a page, without those in blocks of code."""
    return re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)


def fragment(heading):
    """The name of a heading for comparisons: its words in lower case, joined by dashes."""
    return re.sub(r"\W+", "-", heading).strip("-").lower()


def anchor(heading):
    """The anchor of a heading in Markdown, as GitHub and pandoc form it."""
    return re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-")


class Articles:
    """The articles of the catalogs, by name."""

    def __init__(self):
        self.pages, self.resources = {}, {}
        for catalog in map(ROOT.joinpath, CATALOGS):
            for path in sorted(catalog.glob("*.md")):
                text = path.read_text(encoding="utf-8")
                if not text.startswith("# ``"):
                    if path.stem in self.pages:
                        sys.exit(f"{path}: an article of another catalog has this name")
                    self.pages[path.stem] = text
            self.resources.update({path.name: path for path in sorted(catalog.glob("Resources/*"))})

    def link(self, target, page):
        """The Markdown of the link `<doc:target>` in a page."""
        name, _, section = target.partition("#")
        if name and name not in self.pages:
            sys.exit(f"Error: {page}.md: <doc:{target}> is no article of {' or '.join(CATALOGS)}.")
        titles = headings(self.pages[name or page])
        if not section:
            return f"[{titles[0]}]({name}.md)"
        for title in titles:
            if fragment(title) == fragment(section):
                return f"[{title}]({name + '.md' if name else ''}#{anchor(title)})"
        sys.exit(f"Error: {page}.md: <doc:{target}> is no heading.")

    def resource(self, name, page):
        if name not in self.resources:
            sys.exit(f"Error: {page}.md: {name} is not in Resources of {' or '.join(CATALOGS)}.")
        return f"](Resources/{name})"

    def markdown(self, page):
        """A page in plain Markdown."""
        # Every second part is a block of code, which stays.
        parts = re.split(r"(^```.*?^```)", self.pages[page], flags=re.MULTILINE | re.DOTALL)
        for index in range(0, len(parts), 2):
            text = re.sub(r"<doc:([^>]+)>", lambda found: self.link(found[1], page), parts[index])
            text = re.sub(r"(?<!`)``([^`]+)``(?!`)", lambda found: f"`{found[1].replace('/', '.')}`", text)
            text = re.sub(r"\]\((?!https?://|#|\w+\.md)([^)]*)\)", lambda found: self.resource(found[1], page), text)
            if directive := re.search(r"^\s*@[A-Z]\w*", text, re.MULTILINE):
                sys.exit(f"Error: {page}.md: no Markdown for {directive[0].strip()}; add it to documentation.py.")
            parts[index] = text
        return "".join(parts)


def section(readme, title):
    """A section of the README, with its heading."""
    found = re.search(rf"^## {re.escape(title)}\n.*?(?=^## |^\[[^\]]+\]: |\Z)", readme, re.MULTILINE | re.DOTALL)
    if not found:
        sys.exit(f"Error: README.md has no section {title}, of which documentation.py makes that of the package.")
    return found[0]


def readme_of(articles):
    """The README of the package."""
    source = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = dict(re.findall(r"^\[([^\]]+)\]: (\S+)$", source, re.MULTILINE))
    text = HEAD + "".join(section(source, title) for title in SECTIONS)
    text = BUILD.sub("", text)
    # An entry of the list about the tools of the source tree.
    text = re.sub(r"^- \[tools/.*\n(?:  .*\n)*", "", text, flags=re.MULTILINE)
    text = re.sub(r"^(- `specgan COMMAND --help`.*\n)", lambda found: found[1] + MANUALS, text, flags=re.MULTILINE)
    if MANUALS not in text:
        sys.exit("Error: README.md has no entry for `specgan COMMAND --help`, after which the manual pages are named.")

    def link(found):
        name = pathlib.PurePosixPath(targets.get(found[2], "")).stem
        if name not in articles.pages:
            sys.exit(f"Error: README.md: [{found[2]}] is no article of the package; leave it out in documentation.py.")
        return f"[{found[1]}](articles/{name}.md)"

    text = re.sub(r"\[([^\]]+)\]\[([^\]]+)\]", link, text)
    if foreign := re.search(r"swift |tools/|\.build|\]\((?!articles/|https?://)", text):
        sys.exit(f"Error: README.md: '{foreign[0]}' needs the source tree; leave it out in documentation.py.")
    return text.rstrip() + "\n" + NOTE


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    articles = Articles()
    (folder / "articles" / "Resources").mkdir(parents=True)
    (folder / "README.md").write_text(readme_of(articles), encoding="utf-8")
    for page in articles.pages:
        (folder / "articles" / f"{page}.md").write_text(articles.markdown(page), encoding="utf-8")
    for name, path in articles.resources.items():
        shutil.copyfile(path, folder / "articles" / "Resources" / name)


if __name__ == "__main__":
    main()
