from django.urls import path

from . import views

urlpatterns = [
    path("", views.front_page),
    path("add/<int:x>/<int:y>", views.add_through_celery),
]
