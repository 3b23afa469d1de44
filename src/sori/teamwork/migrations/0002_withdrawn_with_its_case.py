"""A task says whether it was withdrawn because its case was settled, and what asks it again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teamwork", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="again",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="teamwork.task",
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="with_case",
            field=models.BooleanField(default=False),
        ),
    ]
