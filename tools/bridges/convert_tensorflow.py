"""Converts a checkpoint of the reference implementation into one of specgan, and back.

Variables have the same names and layouts on both sides. In addition, the reference implementation
(chrisdonahue/wavegan on GitHub), "the reference" below, keeps the moments in a pickle, its flags in args.txt, and
the powers of Adam's decays and the step in variables. Run it with tools/bridges/convert-tensorflow.
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
    importing = actions.add_parser("import", help="convert a checkpoint of the reference implementation to specgan's format")
    importing.add_argument("source", help="a train_dir, or a path such as train/model.ckpt-1234")
    importing.add_argument("--output", required=True, help="the checkpoint to write")
    importing.add_argument("--moments", help="the pickle that `train_specgan.py moments` wrote")
    importing.add_argument("--cache", help="a cache of the same audio, to resume training with")
    importing.add_argument("--loss", choices=OPTIMIZERS, help="the loss to resume training with, instead of the one in args.txt")
    exporting = actions.add_parser("export", help="convert a checkpoint of specgan to the reference's format")
    exporting.add_argument("source", help="a run, or a checkpoint of one")
    exporting.add_argument("--output", required=True, help="the train_dir to write")
    exporting.add_argument("--average", action="store_true", help="the generator's averaged weights")
    options = parser.parse_args(arguments)
    {"import": import_checkpoint, "export": export_checkpoint}[options.action](options)


if __name__ == "__main__":
    checkpoint.leaving(main)
