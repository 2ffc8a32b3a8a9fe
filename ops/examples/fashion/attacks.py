"""Attacks on image models, and changes of images that are none.

Pixels run from 0 to 255; sizes are shares of that range. Gradient attacks are Foolbox's where it is
installed for that purpose (C&W, DeepFool); the others are a few lines each.
"""

import numpy as np
import torch
import torch.nn.functional as F


def gradient(model, x, y):
    x = x.detach().requires_grad_(True)
    return torch.autograd.grad(F.cross_entropy(model(x)[0], y, reduction="sum"), x)[0]


def fgsm(model, x, y, eps):
    """Goodfellow, Shlens, Szegedy, ICLR 2015."""
    return (x + 255 * eps * gradient(model, x, y).sign()).clamp(0, 255)


def pgd(model, x, y, eps, steps=20):
    """Madry et al., ICLR 2018."""
    eps = 255 * eps
    z = (x + torch.empty_like(x).uniform_(-eps, eps)).clamp(0, 255)
    for _ in range(steps):
        z = z + eps / 8 * gradient(model, z, y).sign()
        z = torch.max(torch.min(z, x + eps), x - eps).clamp(0, 255)
    return z.detach()


def momentum(model, x, y, eps, steps=10):
    """MI-FGSM: Dong et al., CVPR 2018."""
    eps = 255 * eps
    z, g = x.clone(), torch.zeros_like(x)
    for _ in range(steps):
        slope = gradient(model, z, y)
        g = g + slope / (slope.abs().mean((1, 2, 3), keepdim=True) + 1e-20)
        z = torch.max(torch.min(z + eps / steps * g.sign(), x + eps), x - eps).clamp(0, 255)
    return z.detach()


def norms(x):
    return x.flatten(1).norm(dim=1)[:, None, None, None]


def pgd_l2(model, x, y, size, steps=30):
    """Within a Euclidean distance, in units of the pixel range."""
    eps = 255 * size
    z = x.clone()
    for _ in range(steps):
        g = gradient(model, z, y)
        moved = z + eps / 6 * g / (norms(g) + 1e-12) - x
        z = (x + moved * torch.clamp(eps / (norms(moved) + 1e-12), max=1)).clamp(0, 255)
    return z.detach()


class Foolbox:
    """Foolbox's attacks (Rauber et al., JOSS 2020) on a model whose first output are the logits."""

    def __init__(self, model):
        import foolbox

        class Logits(torch.nn.Module):
            def forward(self, shares):
                return model(255 * shares)[0]

        self.library = foolbox.attacks
        self.model = foolbox.PyTorchModel(Logits().eval(), bounds=(0, 1), device="cpu")

    def run(self, attack, x, y):
        made, _, fooled = attack(self.model, x / 255, y, epsilons=None)
        # Where an attack finds nothing, the library gives black images.
        return torch.where(fooled[:, None, None, None], 255 * made, x).detach()

    def carlini_wagner(self, x, y):
        """Carlini and Wagner, IEEE S&P 2017, L2, confidence 0."""
        attack = self.library.L2CarliniWagnerAttack(
            binary_search_steps=4, steps=150, stepsize=0.02, initial_const=0.1
        )
        return self.run(attack, x, y)

    def deepfool(self, x, y):
        """Moosavi-Dezfooli et al., CVPR 2016, L2."""
        return self.run(self.library.L2DeepFoolAttack(steps=50, overshoot=0.1), x, y)

    def elastic_net(self, x, y):
        """Chen et al., AAAI 2018."""
        attack = self.library.EADAttack(
            binary_search_steps=4, steps=150, initial_stepsize=0.02, initial_const=0.1
        )
        return self.run(attack, x, y)


def margin(model, x, y):
    with torch.no_grad():
        logits = model(x)[0]
    right = logits.gather(1, y[:, None])[:, 0]
    return right - logits.scatter(1, y[:, None], -1e9).max(1)[0]


def square(model, x, y, eps, queries=600, seed=1):
    """Black box: Andriushchenko et al., ECCV 2020, L-infinity."""
    random = np.random.RandomState(seed)
    eps = 255 * eps
    n, side = len(x), x.shape[-1]
    stripes = torch.tensor(random.choice([-eps, eps], (n, 1, 1, side)), dtype=x.dtype)
    z = (x + stripes).clamp(0, 255)
    best = margin(model, z, y)
    for query in range(queries):
        share = 0.3 / 2 ** min(4, query // 80)
        width = max(1, int(round(np.sqrt(share) * side)))
        trial = z.clone()
        active = torch.nonzero(best > 0)[:, 0]
        if len(active) == 0:
            break
        for i in active.tolist():
            a, b = random.randint(0, side - width + 1, 2)
            sign = random.choice([-eps, eps])
            window = x[i, :, a : a + width, b : b + width]
            trial[i, :, a : a + width, b : b + width] = (window + sign).clamp(0, 255)
        found = margin(model, trial[active], y[active])
        better = active[found < best[active]]
        z[better] = trial[better]
        best[active] = torch.minimum(best[active], found)
    return z


def patch(model, x, y, side=7, steps=60, seed=1):
    """A square of free pixels, its place chosen at random: after Brown et al., 2017."""
    random = np.random.RandomState(seed)
    mask = torch.zeros_like(x)
    for i in range(len(x)):
        a, b = random.randint(3, x.shape[-1] - side - 2, 2)
        mask[i, :, a : a + side, b : b + side] = 1
    z = x * (1 - mask) + mask * torch.tensor(random.uniform(0, 255, x.shape), dtype=x.dtype)
    for step in range(steps):
        z = z + 255 * 0.15 * (1 - step / steps) * gradient(model, z, y).sign() * mask
        z = z.clamp(0, 255)
    return z.detach()


def noise(x, size, seed=1):
    random = np.random.RandomState(seed)
    return (x + torch.tensor(random.normal(0, 255 * size, x.shape), dtype=x.dtype)).clamp(0, 255)


def blur(x, sigma):
    reach = int(3 * sigma + 0.5)
    weights = torch.exp(-torch.arange(-reach, reach + 1.0) ** 2 / (2 * sigma**2))
    weights = weights / weights.sum()
    rows = F.conv2d(x, weights.view(1, 1, 1, -1), padding=(0, reach))
    return F.conv2d(rows, weights.view(1, 1, -1, 1), padding=(reach, 0))


def rotate(x, degrees):
    angle = np.deg2rad(degrees)
    turn = torch.tensor(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0]], dtype=x.dtype
    )
    grid = F.affine_grid(turn.expand(len(x), 2, 3), list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, align_corners=False)


def brighter(x, share):
    return (x + 255 * share).clamp(0, 255)


def benign(x):
    """Changes that a camera makes, by name."""
    return {
        "noise-0.05": noise(x, 0.05),
        "noise-0.2": noise(x, 0.2),
        "blur-1": blur(x, 1.0),
        "rotation-15": rotate(x, 15),
        "brighter-0.1": brighter(x, 0.1),
    }
