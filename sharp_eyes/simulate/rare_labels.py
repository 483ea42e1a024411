"""What a detector sees now and then in a city: the rest of COCO's labels, which no rule of a sector asks for."""

from typing import Final

RARE_LABELS: Final = (
    *("bird", "cat", "bottle", "traffic light", "chair", "cup", "train", "cell phone", "potted plant", "sports ball"),
    *("bench", "skateboard", "kite", "tv", "laptop", "stop sign", "fire hydrant", "tie", "clock", "book", "airplane"),
    *("frisbee", "couch", "dining table", "bowl", "parking meter", "teddy bear", "vase", "scissors", "cow", "sheep"),
    *("refrigerator", "horse", "remote", "keyboard", "mouse", "bed", "sink", "oven", "microwave", "wine glass"),
    *("baseball bat", "tennis racket", "surfboard", "skis", "baseball glove", "snowboard", "pizza", "cake", "apple"),
    *("orange", "banana", "sandwich", "donut", "hot dog", "carrot", "broccoli", "spoon", "fork", "knife", "toilet"),
    *("toaster", "hair drier", "toothbrush"),
)
"""The most frequent one first."""
LARGE_ANIMALS: Final = ("bear", "elephant", "zebra", "giraffe")
