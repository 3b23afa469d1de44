"""Addresses of articles: the desk's, and those of the public help centre."""

from django.urls import path, re_path

from sori.articles.views import beside, centre, desk, figures, offering, pictures, shelves, writing

LANGUAGE = r"^help/(?P<language>ko|en)/"

app_name = "articles"
urlpatterns = [
    path("articles/", desk.articles, name="articles"),
    path("articles/new/", writing.new, name="new"),
    path("articles/preview/", writing.preview, name="preview"),
    path("articles/pictures/", pictures.keep, name="keep_picture"),
    path("articles/figures/", figures.figures, name="figures"),
    path("articles/categories/", shelves.categories, name="categories"),
    path("articles/categories/<int:category>/", shelves.change, name="change_category"),
    path("articles/categories/<int:category>/up/", shelves.up, name="category_up"),
    path("articles/categories/<int:category>/delete/", shelves.delete, name="delete_category"),
    path("articles/for-case/<int:case>/", beside.suggested, name="suggested"),
    path("articles/<int:article>/", desk.article, name="article"),
    path("articles/<int:article>/publish/", desk.publish, name="publish"),
    path("articles/<int:article>/withdraw/", desk.withdraw, name="withdraw"),
    path("articles/<int:article>/archive/", desk.archive, name="archive"),
    path("articles/<int:article>/used/", beside.used, name="used"),
    re_path(
        r"^articles/(?P<article>[0-9]{1,18})/(?P<language>ko|en)/write/$",
        writing.write,
        name="write",
    ),
    re_path(
        r"^articles/(?P<article>[0-9]{1,18})/(?P<language>ko|en)/history/$",
        desk.history,
        name="history",
    ),
    path("articles/revisions/<int:revision>/restore/", desk.restore, name="restore"),
    path("help/", centre.choose, name="help"),
    path("help/<int:article>/", centre.short, name="help_short"),
    path("help/offered/", offering.offered, name="offered"),
    path("help/pictures/<str:digest>/", pictures.picture, name="picture"),
    re_path(LANGUAGE + r"$", centre.home, name="help_home"),
    re_path(LANGUAGE + r"in/(?P<category>[0-9]{1,18})/$", centre.category, name="help_category"),
    re_path(LANGUAGE + r"(?P<slug>[^/]{1,140})/$", centre.article, name="help_article"),
    re_path(LANGUAGE + r"(?P<slug>[^/]{1,140})/helpful/$", centre.vote, name="vote"),
    path("sitemap.xml", centre.sitemap, name="sitemap"),
    path("robots.txt", centre.robots, name="robots"),
]
