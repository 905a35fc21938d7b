"""Turns a checkpoint of the published code into one of specgan, and back; see tools/convert-tensorflow.

The variables have the same names and layouts on both sides. Beside them the published code keeps the moments
in a pickle, its flags in args.txt, the powers of Adam's decays and the step in variables.
"""

import argparse

import checkpoint
from losses import OPTIMIZERS


def import_checkpoint(options):
    # Here and not above, as TensorFlow takes seconds to start: help and wrong usage need not wait.
    from importing import import_checkpoint
    import_checkpoint(options)


def export_checkpoint(options):
    from exporting import export_checkpoint
    export_checkpoint(options)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="convert-tensorflow", description=__doc__.splitlines()[0])
    actions = parser.add_subparsers(dest="action", required=True)
    importing = actions.add_parser("import", help="from the published code's checkpoint to specgan's")
    importing.add_argument("source", help="a train_dir, or a path such as train/model.ckpt-1234")
    importing.add_argument("--output", required=True, help="the checkpoint to write")
    importing.add_argument("--moments", help="the pickle that `train_specgan.py moments` wrote")
    importing.add_argument("--cache", help="a cache of the same sounds, to go on training from")
    importing.add_argument("--loss", choices=OPTIMIZERS, help="what to go on training with, instead of args.txt's")
    exporting = actions.add_parser("export", help="from specgan's checkpoint to the published code's")
    exporting.add_argument("source", help="a run, or a checkpoint of one")
    exporting.add_argument("--output", required=True, help="the train_dir to write")
    exporting.add_argument("--average", action="store_true", help="the generator's averaged weights")
    options = parser.parse_args(arguments)
    {"import": import_checkpoint, "export": export_checkpoint}[options.action](options)


if __name__ == "__main__":
    checkpoint.leaving(main)
