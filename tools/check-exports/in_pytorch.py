"""Logits of an exported ResNet for small images (shortcut conv3x3) in PyTorch, without the safetensors package:
   python3 in_pytorch.py FOLDER
FOLDER holds model.safetensors, coo.safetensors and csr.safetensors of `winnow export`, and reference.safetensors with
`images` [n, c, h, w]; writes pytorch.bin, float32 logits [n, classes]."""

import json
import re
import struct
import sys
from collections import OrderedDict

import numpy as np
import torch
from torch import nn
from torch.nn import functional

folder = sys.argv[1]


def read(name):
    with open(f"{folder}/{name}.safetensors", "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(length)), file.read()
    metadata = header.pop("__metadata__")
    types = {"F32": np.float32, "I32": np.int32}
    arrays = {
        key: np.frombuffer(data[slice(*entry["data_offsets"])], types[entry["dtype"]]).reshape(entry["shape"])
        for key, entry in header.items()
    }
    return {key: torch.from_numpy(array.copy()) for key, array in arrays.items()}, metadata


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride > 1:
            conv = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
            self.shortcut = nn.Sequential(OrderedDict(conv=conv, bn=nn.BatchNorm2d(outputs)))

    def forward(self, x):
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        return functional.relu(y + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, blocks, channels, classes):
        super().__init__()
        conv = nn.Conv2d(channels, 16, 3, 1, 1, bias=False)
        self.stem = nn.Sequential(OrderedDict(conv=conv, bn=nn.BatchNorm2d(16)))
        width = 16
        for stage, outputs in enumerate((16, 32, 64), 1):
            modules = OrderedDict()
            for block in range(1, blocks + 1):
                modules[f"block{block}"] = Block(width, outputs, 2 if stage > 1 and block == 1 else 1)
                width = outputs
            setattr(self, f"stage{stage}", nn.Sequential(modules))
        self.head = nn.Sequential(OrderedDict(fc=nn.Linear(64, classes)))

    def forward(self, x):
        x = self.stage3(self.stage2(self.stage1(functional.relu(self.stem(x)))))
        return self.head(x.mean((2, 3)))


state, metadata = read("model")
depth = int(re.fullmatch(r"resnet(\d+)", metadata["model"])[1])
channels = int(metadata["input"].split("x")[2])
network = ResNet((depth - 2) // 6, channels, int(metadata["classes"]))
network.load_state_dict(state)

coo, about = read("coo")
csr, _ = read("csr")
shapes = json.loads(about["shapes"])
for name, tensor in state.items():
    if name not in shapes:
        assert torch.equal(coo[name], tensor) and torch.equal(csr[name], tensor), name
        continue
    sparse = torch.sparse_coo_tensor(coo[f"{name}.indices"], coo[f"{name}.values"], shapes[name])
    assert torch.equal(sparse.to_dense(), tensor), name
    rows = [csr[f"{name}.{part}"] for part in ("crow_indices", "col_indices", "values")]
    matrix = torch.sparse_csr_tensor(*rows, size=(shapes[name][0], tensor[0].numel()))
    assert torch.equal(matrix.to_dense().reshape(shapes[name]), tensor), name

images = read("reference")[0]["images"]
network.eval()
with torch.no_grad():
    logits = torch.cat([network(batch) for batch in images.split(250)])
logits.numpy().tofile(f"{folder}/pytorch.bin")
