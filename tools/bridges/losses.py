"""The published losses with the optimisers that the reference gives them."""

import dataclasses

# TensorFlow's names for what an optimiser keeps of every variable, which are ours too.
ADAM = ("/Adam", "/Adam_1")
RMSPROP = ("/RMSProp",)
# The last update, which a momentum of 0 makes nothing of; specgan does not keep it.
UNUSED_SLOT = "/RMSProp_1"


@dataclasses.dataclass(frozen=True)
class Optimizer:
    """The published settings of a loss's optimiser."""
    name: str
    learning_rate: float
    beta1: float = 0.5
    beta2: float = 0.9

    @property
    def slots(self):
        return ADAM if self.name == "adam" else RMSPROP

    @property
    def settings(self):
        """The keys of a configuration's section `training`."""
        settings = {"optimizer": self.name, "learning_rate": self.learning_rate}
        return settings | ({"beta1": self.beta1, "beta2": self.beta2} if self.name == "adam" else {})


OPTIMIZERS = {
    "wgan-gp": Optimizer("adam", 1e-4),
    "wgan": Optimizer("rmsprop", 5e-5),
    "lsgan": Optimizer("rmsprop", 1e-4),
    "dcgan": Optimizer("adam", 2e-4, beta2=0.999),
}


def slot_names(network, slots):
    """The names of `slots`, suffixes, of every variable that an optimiser changes."""
    return [name + slot for name in network.variables() if is_trained(name) for slot in slots]


def is_trained(name):
    """The moving statistics have no slots."""
    return not name.endswith(("/moving_mean", "/moving_variance"))


def owner(slot):
    """The variable that a slot belongs to."""
    return slot.rsplit("/", 1)[0]
