"""Pictures: files and COCO's annotations become labelled pictures with subjects, bad ones are named; a split parts no
subject; rendered scenes and the bundled faces are what they say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from smidgen.datasets.picture.bundled import FACE, faces, photographs
from smidgen.datasets.picture.coco import annotations_of, load_coco
from smidgen.datasets.picture.files import files_in, load, load_file
from smidgen.datasets.picture.pictures import NOTHING, Pictures
from smidgen.datasets.picture.scenes import SIDE, cut_out, simulate
from smidgen.datasets.picture.sprites import SPRITES
from smidgen.errors import DataError, UsageError


def picture(path: Path, size: tuple[int, int] = (8, 6), colour: tuple[int, int, int] | int = (200, 10, 30)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L" if isinstance(colour, int) else "RGB", size, colour).save(path)
    return path


def test_a_folder_of_classes_tells_labels_and_subjects_by_names_or_folders(tmp_path):
    for name in ("cat/tom-2.png", "cat/tom-10.png", "cat/ann/1.jpg", "non_person/hall.png"):
        picture(tmp_path / name)
    found = load(tmp_path, 4)
    assert found.names == ["cat/ann/1.jpg", "cat/tom-2.png", "cat/tom-10.png", "non_person/hall.png"]
    assert found.labels == ["cat", "cat", "cat", NOTHING]
    assert found.subjects == ["ann", "tom", "tom", "hall"]


def test_a_table_of_groups_names_the_subjects_instead(tmp_path):
    picture(tmp_path / "cat/0001.png"), picture(tmp_path / "cat/0002.png")
    (tmp_path / "groups.csv").write_text("file,group\ncat/0001.png,tom\ncat/0002.png,ann\n")
    assert load(tmp_path, 4).subjects == ["tom", "ann"]
    (tmp_path / "groups.csv").write_text("name\nx\n")
    with pytest.raises(DataError, match=r"groups\.csv: needs columns file and group"):
        load(tmp_path, 4)


def test_pictures_are_read_as_a_viewer_shows_them_and_made_smaller(tmp_path):
    assert load_file(picture(tmp_path / "grey.png", (9, 7), 77)).tolist() == [[77] * 9] * 7
    assert load_file(picture(tmp_path / "red.png"))[0, 0].tolist() == [200, 10, 30]
    turned = Image.new("RGB", (8, 6))
    exif = turned.getexif()
    exif[0x0112] = 6  # the camera lay on its side
    turned.save(tmp_path / "turned.jpg", exif=exif)
    assert load_file(tmp_path / "turned.jpg").shape == (8, 6, 3)
    assert load_file(picture(tmp_path / "large.jpg", (400, 300)), 48).shape[0] in range(48, 97)


@pytest.mark.parametrize(
    ("spoil", "text"),
    [(lambda p: p.write_bytes(b"no picture"), r"x\.png: cannot be read as a picture"),
     (lambda p: p.write_bytes(p.read_bytes()[:45]), r"x\.png: cannot be read as a picture"),
     (lambda p: p.unlink(), r"cat: holds no pictures")],
)  # fmt: skip
def test_what_cannot_be_used_is_named(tmp_path, spoil, text):
    spoil(picture(tmp_path / "cat" / "x.png"))
    with pytest.raises(DataError, match=text):
        load(tmp_path, 4)


def test_a_folder_without_classes_is_refused(tmp_path):
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(DataError, match=r"it should hold CLASS|no such folder"):
            load(folder, 4)
    with pytest.raises(DataError, match="no such picture"):
        load_file(tmp_path / "a.png")


# What a picture of 100x100 shows: persons of 1 %, 0.5 % and none, a dog, and a dog larger than a person beside it.
BOXES = {9: [(1, 10, 10)], 25: [(1, 10, 5)], 30: [], 34: [(18, 20, 20)], 36: [(1, 10, 10), (18, 30.5, 30)]}


def instances(boxes: dict[int, list[tuple[int, float, float]]]) -> dict:
    """instances_*.json as COCO's has it. boxes: of each picture's number, (category, width, height)."""
    images = [
        {
            "license": 4,
            "file_name": f"{i:012d}.jpg",
            "coco_url": "",
            "height": 100,
            "width": 100,
            "flickr_url": "",
            "id": i,
        }
        for i in boxes
    ]
    annotations = [
        {"segmentation": [[3.0, 3.0, 3.0 + w, 3.0, 3.0 + w, 3.0 + h]], "area": w * h / 2, "iscrowd": 0, "image_id": i,
         "bbox": [3.0, 3.0, w, h], "category_id": kind, "id": 100 * i + n}
        for i, own in boxes.items()
        for n, (kind, w, h) in enumerate(own)
    ]  # fmt: skip
    kinds = [("person", 1, "person"), ("animal", 18, "dog"), ("kitchen", 44, "bottle")]
    categories = [{"supercategory": above, "id": number, "name": name} for above, number, name in kinds]
    head = {"info": {"year": 2017, "version": "1.0"}, "licenses": [{"url": "", "id": 4, "name": "Attribution License"}]}
    return {**head, "images": images, "annotations": annotations, "categories": categories}


@pytest.fixture
def coco(tmp_path) -> Path:
    """The folder that COCO 2017's archives unpack to, its validation pictures alone."""
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "instances_val2017.json").write_text(json.dumps(instances(BOXES)))
    for other in ("captions", "person_keypoints"):
        (tmp_path / "annotations" / f"{other}_val2017.json").write_text('{"images": []}')
    for i in BOXES:
        picture(tmp_path / "val2017" / f"{i:012d}.jpg", (100, 100))
    return tmp_path


def test_a_person_is_there_when_a_box_covers_more_than_half_a_percent(coco):
    found = load_coco(coco, ["person"], 24, 10, seed=1)
    shown = {int(name[:-4]): label for name, label in zip(found.names, found.labels, strict=True)}
    assert shown == {9: "person", 25: NOTHING, 30: NOTHING, 34: NOTHING, 36: "person"}
    assert len({*found.subjects}) == 5 and found.images[0].shape == (25, 25, 3)


def test_of_several_objects_a_picture_shows_the_largest_and_most_is_kept_to(coco):
    found = load_coco(coco, ["person", "dog"], 24, 1, seed=1)
    assert found.labels == [NOTHING, "person", "dog"] and found.names[1] == "000000000009.jpg"


def test_pictures_of_every_split_that_is_there_are_taken(coco):
    (coco / "annotations" / "instances_train2017.json").write_text(json.dumps(instances({7: [(1, 50, 50)]})))
    picture(coco / "train2017" / "000000000007.jpg", (100, 100))
    assert load_coco(coco, ["person"], 24, 10, seed=1).labels.count("person") == 3


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (lambda told: told.pop("images"), "not COCO's instances"),
        (lambda told: told["images"].append(3), "not COCO's instances"),
        (lambda told: told["annotations"][0].update(bbox=[1, 2, 3]), "not COCO's instances"),
        (lambda told: told["annotations"][0].update(image_id=1), "not COCO's instances"),
        (lambda told: told["annotations"][0].update(category_id=2), "not COCO's instances"),
        (lambda told: told["images"][0].update(width=0), "not COCO's instances"),
        (lambda told: told["images"][0].update(file_name=5), "its pictures are not found; put 5 into"),
        (lambda told: told.update(images=[], annotations=[]), "its pictures are not found; put them into"),
        (lambda told: told.update(categories=told["categories"][1:], annotations=[]), "has no category 'person', only"),
        (lambda told: told.update(annotations=[]), "its annotations show no picture of 'person'"),
    ],
)
def test_annotations_that_cannot_be_used_are_named(coco, spoil, text):
    told = instances(BOXES)
    spoil(told)
    annotations_of(coco)[0].write_text(json.dumps(told))
    with pytest.raises(DataError, match=text) as told_error:
        load_coco(coco, ["person"], 24, 10, seed=1)
    assert "\n" not in str(told_error.value)


def test_files_of_a_coco_folder_that_cannot_be_used_are_named(coco):
    pictures = [coco / "val2017" / f"{i:012d}.jpg" for i in BOXES]
    pictures[1].write_bytes(pictures[1].read_bytes()[:60])
    with pytest.raises(DataError, match=r"000000000025\.jpg: cannot be read as a picture"):
        load_coco(coco, ["person"], 24, 10, seed=1)
    pictures[1].unlink()
    with pytest.raises(DataError, match=r"000000000025\.jpg: no such picture"):
        load_coco(coco, ["person"], 24, 10, seed=1)
    pictures[0].unlink()
    with pytest.raises(DataError, match=r"instances_val2017\.json: its pictures are not found; put 000000000009\.jpg"):
        load_coco(coco, ["person"], 24, 10, seed=1)
    annotations_of(coco)[0].write_text('{"images": [')
    with pytest.raises(DataError, match="not COCO's instances"):
        load_coco(coco, ["person"], 24, 10, seed=1)


ENTRIES = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("uvwxyz")), min_size=1, max_size=30)


@given(ENTRIES, st.floats(0.05, 0.9), st.integers(0, 99))
def test_a_split_keeps_every_picture_and_parts_a_subject_only_where_a_class_has_no_other(entries, held_out, seed):
    pictures = Pictures()
    for i, (label, subject) in enumerate(entries):
        pictures.append(np.zeros((1, 1), np.uint8), label, subject, str(i))
    kept, out = pictures.split_by_subject(held_out, seed)
    assert sorted([*kept.names, *out.names], key=int) == [str(i) for i in range(len(entries))]
    for label in {*pictures.labels}:
        assert label in kept.labels
        subjects = {s for own, s in entries if own == label}
        assert label in out.labels or pictures.labels.count(label) == 1
        if len(subjects) > 2 and len({*pictures.labels}) == 1:
            assert not {*kept.subjects} & {*out.subjects}


def test_a_class_of_one_subject_is_parted_by_order():
    pictures = Pictures()
    for i in range(8):
        pictures.append(np.zeros((1, 1), np.uint8), "a", "me", str(i))
    assert pictures.split_by_subject(0.25, 1)[1].names == ["6", "7"]


def test_scenes_are_of_their_seed_and_nothing_shows_no_object_of_another_class():
    counts = dict.fromkeys((*SPRITES, NOTHING), 2)
    made, again, other = (simulate(counts, seed) for seed in (1, 1, 2))
    assert made.key() == again.key() != other.key()
    assert all(image.shape == (SIDE, SIDE, 3) and image.dtype == np.uint8 for image in made.images)
    assert len({*made.subjects}) == len(made) == 14
    with pytest.raises(UsageError, match="dragon: no such simulated object; there are face"):
        simulate({"dragon": 1}, 1)


def test_the_bundled_faces_are_a_hundred_and_a_hundred_others_and_the_photographs_have_colours():
    pictures = faces()
    assert pictures.labels == [FACE] * 100 + [NOTHING] * 100 and len({*pictures.subjects}) == 200
    assert pictures.images[0].shape == (96, 96) and np.std(pictures.images[0]) > 20
    assert all(photograph.shape[2:] == (3,) for photograph in photographs())
    sprite = np.array(cut_out(pictures.images[0]))
    assert sprite[0, 0, 3] == 0 and sprite[64, 64, 3] == 255


def test_files_come_in_the_order_of_their_numbers(tmp_path):
    for name in ("b-10.png", "b-9.png", "a.jpg", ".hidden.png", "deep/c.png"):
        picture(tmp_path / name)
    assert [path.name for path in files_in(tmp_path)] == ["a.jpg", "b-9.png", "b-10.png"]
    assert len(files_in(tmp_path, deep=True)) == 4
