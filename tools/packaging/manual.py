#!/usr/bin/env python3
"""Writes manual pages of specgan and of its commands, from the JSON of `specgan --experimental-dump-help`.

Usage: specgan --experimental-dump-help | manual.py FOLDER
"""

import json
import os
import sys


def escaped(text):
    """Text for roff: backslashes and hyphens are kept, and a control character at the start of a line is no macro."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in ".'" else line for line in text.split("\n"))


def name(argument):
    """The name of an argument, as a heading of its description."""
    if argument["kind"] == "positional":
        shown = f"\\fI{escaped(argument['valueName'])}\\fR"
        return shown + (" ..." if argument.get("isRepeating") else "")
    names = []
    for one in argument["names"]:
        dashes = "-" if one["kind"] == "short" else "--"
        names.append(f"\\fB{escaped(dashes + one['name'])}\\fR")
    value = "" if argument["kind"] == "flag" else f" \\fI{escaped(argument['valueName'])}\\fR"
    return ", ".join(names) + value


def description(argument):
    text = argument.get("abstract", "")
    if argument.get("allValues") and "(values:" not in text:
        text += f" Values: {', '.join(argument['allValues'])}."
    if argument.get("defaultValue") and "(default:" not in text:
        text += f" Default: {argument['defaultValue']}."
    return escaped(text.strip())


def page(command, path):
    """The manual page of a command; `path` has the names of the commands that it belongs to and its own."""
    title = "-".join(path)
    arguments = [one for one in command.get("arguments", []) if one.get("shouldDisplay", True)]
    synopsis = [f"\\fB{' '.join(path)}\\fR"]
    synopsis += [name(one) if not one["isOptional"] else f"[{name(one)}]" for one in arguments
                 if one["kind"] == "positional"]
    synopsis.append("[\\fIoptions\\fR]")
    if command.get("subcommands"):
        synopsis = [f"\\fB{' '.join(path)}\\fR \\fIcommand\\fR [\\fIoptions\\fR]"]
    lines = [f".TH {title.upper()} 1", ".SH NAME",
             f"{escaped(title)} \\- {escaped(command['abstract'].rstrip('.'))}",
             ".SH SYNOPSIS", " ".join(synopsis)]
    if command.get("discussion"):
        lines += [".SH DESCRIPTION"]
        for paragraph in command["discussion"].split("\n\n"):
            lines += [".PP"]
            if "\n  " in paragraph:
                lines += [".nf", escaped(paragraph), ".fi"]
            else:
                lines += [escaped(paragraph)]
    if arguments:
        lines += [".SH OPTIONS"]
        for one in arguments:
            lines += [".TP", name(one), description(one)]
    commands = [one for one in command.get("subcommands", []) if one["commandName"] != "help"]
    if commands:
        lines += [".SH COMMANDS"]
        for one in commands:
            lines += [".TP", f"\\fB{one['commandName']}\\fR",
                      f"{escaped(one['abstract'])} See \\fB{escaped('-'.join(path + [one['commandName']]))}\\fR(1)."]
    if len(path) > 1:
        lines += [".SH SEE ALSO", f"\\fB{escaped('-'.join(path[:-1]))}\\fR(1)"]
    else:
        lines += [".SH FILES", ".TP", "\\fI../share/doc/specgan/README.md\\fR, from the folder of the program",
                  "First steps, and a list of the articles."]
    return title, "\n".join(lines) + "\n"


def pages(command, path):
    path = path + [command["commandName"]]
    yield page(command, path)
    for one in command.get("subcommands", []):
        if one["commandName"] != "help":
            yield from pages(one, path)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for title, text in pages(json.load(sys.stdin)["command"], []):
        with open(os.path.join(sys.argv[1], f"{title}.1"), "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
