"""Foreign keys point down the house, where import-linter can't see them: they may be strings."""

from pathlib import Path

from django.apps import apps

from config.datadir import BASE_DIR

FLOORS = [["config"], ["reports"], ["resolutions"], ["budgets", "policies"], ["employees"]]
HEIGHT = {app: -floor for floor, names in enumerate(FLOORS) for app in names}


def test_foreign_keys_only_point_down() -> None:
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        app = model._meta.app_label
        if app not in HEIGHT:
            continue
        for field in model._meta.get_fields():
            other = field.related_model if field.concrete else None
            if other is None or isinstance(other, str):
                continue
            to = other._meta.app_label
            if to in HEIGHT and to != app and HEIGHT[to] >= HEIGHT[app]:
                wrong.append(f"{model._meta.label}.{field.name} points to {other._meta.label}")
    assert wrong == []


def test_every_app_of_the_house_has_its_floor() -> None:
    ours = {app.label for app in apps.get_app_configs() if Path(app.path).parent == BASE_DIR}
    assert ours == set(HEIGHT)
