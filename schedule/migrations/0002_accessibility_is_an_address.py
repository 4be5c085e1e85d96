from django.core.validators import RegexValidator
from django.db import migrations, models

RESERVED = (
    "accessibility|accounts|admin|api|delegation|documents|fragments|healthz|my|preview|programme|readyz|releases|"
    "rooms|roundtables|search|sections|sessions|static|themes|verify|workshops"
)


class Migration(migrations.Migration):
    dependencies = [("schedule", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="forum",
            name="slug",
            field=models.SlugField(
                unique=True,
                validators=[
                    RegexValidator(f"^({RESERVED})$", inverse_match=True, message="This address is taken by a page.")
                ],
                verbose_name="address",
            ),
        ),
    ]
