module sallyport.invalid/load

go 1.25
