require './app'
run Site
